"""Notes, as a FastAPI application. It knows nothing of Lambda: `uvicorn app:app` serves it anywhere."""

import asyncio
import base64
import hashlib
import itertools
from typing import Annotated

from fastapi import Cookie, FastAPI, Query, Request
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from pydantic import BaseModel

LOGO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


class Wish(BaseModel):
    """A note to write."""

    text: str
    tags: list[str] = []


app = FastAPI()
notes: dict[int, dict] = {}
numbers = itertools.count(1)


@app.get("/", response_class=HTMLResponse)
async def home():
    return "<h1>Notes</h1>"


@app.get("/notes")
async def found(tag: Annotated[list[str], Query()] = []):  # noqa: B006  # as FastAPI's own guide writes it
    return [note for note in notes.values() if all(wished in note["tags"] for wished in tag)]


@app.post("/notes", status_code=201)
async def write(wish: Wish, response: Response):
    note = {"id": next(numbers), **wish.model_dump()}
    notes[note["id"]] = note
    response.headers["Location"] = f"/notes/{note['id']}"
    return note


@app.get("/notes/{number}")
async def one(number: int):
    return notes.get(number) or JSONResponse({"error": "no such note"}, 404)


@app.delete("/notes/{number}")
async def forget(number: int):
    return Response(status_code=204 if notes.pop(number, None) else 404)


@app.get("/login")
async def login(name: str):
    response = RedirectResponse("/", 303)
    response.set_cookie("name", name, httponly=True)
    response.set_cookie("theme", "dark")
    return response


@app.get("/me")
async def me(name: Annotated[str | None, Cookie()] = None):
    return {"name": name} if name else JSONResponse({"error": "who are you?"}, 401)


@app.get("/logo.png")
async def logo():
    return Response(LOGO, media_type="image/png")


@app.post("/digest")
async def digest(request: Request):
    return PlainTextResponse(hashlib.sha256(await request.body()).hexdigest())


@app.get("/countdown")
async def countdown():
    async def lines():
        for number in (3, 2, 1):
            yield f"{number}\n"
            await asyncio.sleep(0.02)
        yield "liftoff\n"

    return StreamingResponse(lines(), media_type="text/plain")
