"""Marking the assignments: the checks that their notebooks make, and what runs them.

A student's notebook imports one name, ``Question``. The rest serves ``python -m
lr_grading`` and the teacher's nbgrader.
"""

import sys
from typing import TYPE_CHECKING, Any, cast

# nbformat loads jsonschema, which builds a grammar of internationalized addresses: two thirds of
# a second at each start, for something that no notebook holds. It does without if there is none.
cast("dict[str, Any]", sys.modules).setdefault("rfc3987_syntax", None)

if TYPE_CHECKING:
    from lr_grading.questions import Question

__all__ = ["Question"]


def __getattr__(name: str) -> Any:
    """Load ``Question`` when it is asked for: it needs PyTorch, a wrong command does not."""
    if name == "Question":
        from lr_grading.questions import Question

        return Question
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
