"""Every command the academy consists of, once; docker-compose.yml runs these and no others."""

WORDS = ("python", "-m", "devkit.words", "compile")
STATIC = ("python", "manage.py", "collectstatic", "--noinput", "-v0")
MIGRATE = ("python", "manage.py", "migrate", "--noinput", "-v0")
REFERENCE = ("python", "manage.py", "load_reference")
SEED = ("python", "manage.py", "seed_sample")

WEB = (
    *("gunicorn", "academy.wsgi", "--threads", "4", "--graceful-timeout", "10"),
    *("--no-control-socket", "--worker-tmp-dir", "/dev/shm"),  # noqa: S108 -- gunicorn's own advice
)
CELERY = ("celery", "--quiet", "-A", "academy")
LISTEN = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
WORKER = (*CELERY, "worker", "-Q", "celery", "-n", "worker@%h", "--concurrency", "2", *LISTEN)
ROUNDS = (*CELERY, "worker", "-Q", "rounds", "-n", "rounds@%h", "--concurrency", "1", *LISTEN)
BEAT = (*CELERY, "beat", "--schedule", "var/beat/schedule", "--pidfile", "", "--loglevel", "INFO")
INBOX = ("python", "-m", "devkit.inbox")
PROBE = ("python", "-m", "devkit.probe", "/health/live")
RUNNING = {"inbox": INBOX, "web": WEB, "worker": WORKER, "rounds": ROUNDS, "beat": BEAT}

BROKER = (
    *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
    *("--maxmemory", "128mb", "--maxmemory-policy", "noeviction"),
)
CACHE = (
    *("--appendonly", "no", "--save", ""),
    *("--maxmemory", "32mb", "--maxmemory-policy", "allkeys-lru"),
)
INITDB = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
