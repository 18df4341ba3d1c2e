"""The async edge of git over HTTP: endpoints, the exchange of bytes with a git process, the talk with its hook."""
