#!/bin/sh
exec python3 -u app.py
