"""What people in a room agreed on: house rules in versions, and who goes along with them."""
