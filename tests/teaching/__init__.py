"""A class from the hand-out to the marks and the pages, with real nbgrader and a browser."""
