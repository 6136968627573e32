"""How somebody comes to belong to a home: a printed letter with a code, and the page it opens."""
