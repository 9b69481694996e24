"""What late work costs: a share of all points for each day that has begun, as nbgrader's plugin.

    c.LatePenalty.per_day = 0.1       # a tenth of all points
    c.LatePenalty.grace_minutes = 15  # so late counts as in time
    c.LatePenalty.at_most = 0.5       # no more than half of all points

in ``nbgrader_config.py`` of a class. Without it, nothing is taken off. nbgrader's own setting
``c.LateSubmissionPlugin.penalty_method = "zero"`` goes on working.
"""

import math
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, Integer

SECONDS_OF_A_DAY = 24 * 60 * 60


class LatePenalty(LateSubmissionPlugin):
    """Takes off the same for everybody who is so late, whatever the work got."""

    per_day = Float(0.0, help="Share of all points for each day that has begun.").tag(config=True)
    grace_minutes = Integer(0, help="Minutes after the due date that cost nothing.").tag(
        config=True
    )
    at_most = Float(1.0, help="The largest share of all points.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        if self.penalty_method != "none":  # nbgrader's own setting: late work gets nothing
            all_of_it: float | None = super().late_submission_penalty(
                student_id, score, total_seconds_late
            )
            return all_of_it
        share = self.share(total_seconds_late)
        step: Any = self.parent
        return share * float(step.gradebook.find_assignment(step.assignment_id).max_score) or None

    def share(self, seconds_late: float) -> float:
        """The share of all points that is taken off.

        Args:
            seconds_late: Seconds after the due date.
        """
        if seconds_late <= 60 * self.grace_minutes:
            return 0.0
        days = math.ceil(seconds_late / SECONDS_OF_A_DAY)
        return float(min(days * self.per_day, self.at_most))
