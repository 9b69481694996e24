"""Marking the assignments: the checks that their notebooks make, and what runs them.

A student's notebook imports one name, ``Question``. The rest serves ``python -m
lr_grading`` and the teacher's nbgrader.
"""

from lr_grading.questions import Question

__all__ = ["Question"]
