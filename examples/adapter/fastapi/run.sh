#!/bin/sh
exec python -m uvicorn --host 127.0.0.1 --port "${PORT:-8080}" app:app
