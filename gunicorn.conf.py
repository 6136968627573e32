"""The web server, for `make demo` and `make serve` alike."""

import gc
import os
import sys


def number(name, otherwise, most):
    given = os.environ.get(name) or otherwise
    if not given.isdecimal() or not 1 <= int(given) <= most:
        sys.exit(f"{name} is a number from 1 to {most}.")
    return int(given)


host = os.environ.get("HOST") or "127.0.0.1"
if ":" in host and not host.startswith("["):
    host = f"[{host}]"
wsgi_app = "app:app"
bind = f"{host}:{number('PORT', '8000', 65535)}"
worker_class = "ontmoet.web.worker.Worker"
workers = number("WEB_CONCURRENCY", "2", 64)
# Threads wait, for slow phones and for the turn to write; they work one by one (kernel/gate.py).
threads = 8

# Loaded once, before forking: workers share that memory, and a faulty setting stops the start.
preload_app = True

# Nothing controls the server over a socket; by default one would appear in the home folder.
control_socket_disable = True

# The app logs each request itself, with its id and without personal data.
accesslog = None
errorlog = "-"

# No address of ours is long; refused here before the app spends anything on it.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

timeout = 30
graceful_timeout = 20
keepalive = 5


def when_ready(server):
    """Compile the templates once for all workers, and put what is loaded out of the collector's sight:
    workers then neither walk nor copy it.

    The parent keeps no connection. SQLite counts what a process has open, and a connection that came
    over the fork counts for ever: a worker then never opens a disk anew that was read-only for a while.
    """
    from app import app
    from ontmoet.db import db

    with app.app_context():
        erase_again(server)
        db.engine.dispose()
    for template in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(template)
    gc.collect()
    gc.freeze()


def erase_again(server):
    """Before anybody is served: whoever was erased and came back with an old copy goes again. Where the
    database does not answer yet, the jobs do it.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from ontmoet.db import DatabaseBusy, let_go
    from ontmoet.kernel import clock
    from ontmoet.my_data.erasing import reapply

    try:
        reapply(clock.now())
    except (SQLAlchemyError, DatabaseBusy, OSError) as problem:
        server.log.warning("Not erased again yet: %s", type(problem).__name__)
    finally:
        let_go()


def post_fork(server, worker):
    """Let the collector run seldom: with the default thresholds a full collection fell inside requests,
    and those were the slowest ones.
    """
    gc.set_threshold(50_000, 20, 20)
