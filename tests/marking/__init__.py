"""Whole notebooks are marked: known answers, limits, one after another, in JupyterLab."""
