"""Marking the assignments: the checks that their notebooks make, and what runs them.

A student's notebook imports one name, ``Question``. The rest serves ``python -m
lr_grading`` and the teacher's nbgrader.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lr_grading.questions import Question

__all__ = ["Question"]


def __getattr__(name: str) -> Any:
    """Load ``Question`` when it is asked for: it needs PyTorch, a wrong command does not."""
    if name == "Question":
        from lr_grading.questions import Question

        return Question
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
