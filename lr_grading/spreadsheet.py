"""Cells of a table that a spreadsheet will open."""


def no_formula(cell: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell
