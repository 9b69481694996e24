# nbgrader's settings for the English class.
from pathlib import Path

from lr_grading.nbgrader_settings import configure

c = get_config()  # noqa: F821 - nbgrader puts this name here
configure(c, "en", Path(__file__).resolve().parent)

# Settings of your own go below; for example, another database than SQLite:
# c.CourseDirectory.db_url = "postgresql://user:password@host/gradebook"
