"""Whole notebooks are marked: known answers, a class, limits, nbgrader, JupyterLab."""
