def test_health(app):
    assert app.test_client().get("/healthz").json == {"status": "ok"}
