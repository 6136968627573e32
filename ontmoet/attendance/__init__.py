"""How many people came: sheets to tally on, and the figures that are copied from them."""
