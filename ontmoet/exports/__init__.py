"""Taking all of it along: every table as a file for people, spreadsheets and programs."""
