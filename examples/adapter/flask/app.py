"""Notes, as a Flask application. It knows nothing of Lambda: `flask run` serves it anywhere."""

import base64
import hashlib
import itertools
import time

from flask import Flask, Response, jsonify, redirect, request

LOGO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")

app = Flask(__name__)
notes: dict[int, dict] = {}
numbers = itertools.count(1)


@app.get("/")
def home():
    return "<h1>Notes</h1>"


@app.get("/notes")
def found():
    tags = request.args.getlist("tag")
    return jsonify([note for note in notes.values() if all(tag in note["tags"] for tag in tags)])


@app.post("/notes")
def write():
    wish = request.get_json()
    note = {"id": next(numbers), "text": wish["text"], "tags": wish.get("tags", [])}
    notes[note["id"]] = note
    return jsonify(note), 201, {"Location": f"/notes/{note['id']}"}


@app.get("/notes/<int:number>")
def one(number):
    return notes.get(number, ({"error": "no such note"}, 404))


@app.delete("/notes/<int:number>")
def forget(number):
    return "", 204 if notes.pop(number, None) else 404


@app.get("/login")
def login():
    response = redirect("/", 303)
    response.set_cookie("name", request.args["name"], httponly=True)
    response.set_cookie("theme", "dark")
    return response


@app.get("/me")
def me():
    name = request.cookies.get("name")
    return {"name": name} if name else ({"error": "who are you?"}, 401)


@app.get("/logo.png")
def logo():
    return Response(LOGO, mimetype="image/png")


@app.post("/digest")
def digest():
    return Response(hashlib.sha256(request.get_data()).hexdigest(), mimetype="text/plain")


@app.get("/countdown")
def countdown():
    def lines():
        for number in (3, 2, 1):
            yield f"{number}\n"
            time.sleep(0.02)
        yield "liftoff\n"

    return Response(lines(), mimetype="text/plain")
