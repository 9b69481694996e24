"""All limits of marking, in one place. The page for teachers names them.

They are against accidents: a loop without end, a tensor that fills the memory, a print in a
loop. Of those that are settings of nbgrader, a class can have its own in
``classroom/<language>/nbgrader_config.py``.
"""

CHECK_SECONDS = 10  # of computing; the slowest check of the solutions takes about half of one
# Where a function is at work that has run into the limit of a check before, by this much sooner.
IMPATIENCE = 5
CELL_SECONDS = 30  # c.Execute.timeout
MEMORY_GIGABYTES = 4.0  # of address space, for a notebook: c.Execute.memory
OUTPUT_CHARACTERS = 50_000  # of a cell: c.Execute.output_limit
SUBMISSION_SECONDS = 240  # then the rest is not run: c.Execute.total
MESSAGE_MEGABYTES = 64  # that one answer may hand back,
CHECK_MEGABYTES = 256  # and all answers of one check together
PROCESSES = 32  # in a sandbox, where all of them together may take the memory of one notebook
SCRATCH_MEGABYTES = 200  # that a notebook in a sandbox may write into each of its folders
FILE_MEGABYTES = 100  # a larger file is not read
ARCHIVE_MEGABYTES = 2000  # that an archive of collected work may unpack to
ARCHIVE_DEPTH = 3  # archives in archives that are unpacked
