# The image in which containers run the code of students: Python and what the course needs of PyPI.
# `make sandbox` builds it. The packages of the course come from the machine that marks.
FROM python:3.11-slim
COPY student.txt /student.txt
RUN pip install --no-cache-dir uv \
 && uv pip install --system --no-cache --torch-backend cpu -r /student.txt
USER 1000
