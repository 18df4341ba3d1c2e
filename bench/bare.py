"""The baseline of small requests: one Starlette route, a plain function in a thread, a JSON document of usual size."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DOCUMENT = {
    "id": "ada/model",
    "sha": "0" * 40,
    "tags": ["transformers", "safetensors", "en", "license:apache-2.0", "region:us"],
    "siblings": [{"rfilename": f"file-{number}.bin"} for number in range(12)],
    "cardData": {"license": "apache-2.0", "language": ["en"], "library_name": "transformers"},
}


def answer(_request: Request) -> Response:
    return JSONResponse(DOCUMENT)


def main() -> None:
    app = Starlette(routes=[Route("/", answer, methods=["GET", "HEAD"])])
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False, ws="none", lifespan="off")


if __name__ == "__main__":
    main()
