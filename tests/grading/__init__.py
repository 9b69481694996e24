"""The grader's parts: checks, hints, repairs, commands, the assignments themselves."""
