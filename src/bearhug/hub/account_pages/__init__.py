"""Settings of one's own account, as pages: profile, picture, password, browsers, storage, requests, the end of it."""
