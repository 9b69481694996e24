"""The templates that extensions fill in themselves; what is no HTML yet is escaped."""

from jinja2 import Environment, FileSystemLoader
from places import BOOK

TEMPLATES = Environment(
    loader=FileSystemLoader(BOOK / "_templates"), autoescape=True
)
