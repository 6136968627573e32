"""What everything is measured against: a Flask page that does nothing but answer 12 kB."""

from flask import Flask, Response

app = Flask(__name__)
BODY = "<!doctype html>" + "<p>Een bladzijde zonder iets erachter.</p>" * 293
BODY = BODY[:12_288]


@app.get("/")
def page() -> Response:
    return Response(BODY, mimetype="text/html")


@app.get("/readyz")
def ready() -> str:
    return "ok"
