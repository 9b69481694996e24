"""The templates that extensions fill in themselves; what is no HTML yet is escaped."""

from contents import BOOK
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Environment(
    loader=FileSystemLoader(BOOK / "_templates"), autoescape=True
)
