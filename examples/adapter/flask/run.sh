#!/bin/sh
exec python -m gunicorn --bind "127.0.0.1:${PORT:-8080}" --threads 4 app:app
