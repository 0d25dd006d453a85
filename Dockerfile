# syntax=docker/dockerfile:1
# The academy in one image: web, worker and beat differ only by their command.

FROM node:24-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin academy
WORKDIR /app

FROM base AS build
RUN python -m venv /opt/venv
COPY requirements/app.txt requirements/
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/app.txt
COPY . .
COPY --from=assets /app/node_modules node_modules
# Only to collect the static files: nothing of these settings stays in the image.
RUN python -c "from devkit.bootstrap import vendor; vendor()" \
 && rm -rf node_modules \
 && python -m devkit.words compile \
 && SECRET_KEY=build NOTES_KEYS= SITE_URL=http://localhost EMAIL_URL=smtp://localhost \
    DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost CACHE_URL=redis://localhost \
    python manage.py collectstatic --noinput -v0

FROM base AS inbox
RUN python -m venv /opt/venv
COPY requirements/mail.txt requirements/
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/mail.txt
COPY devkit devkit
RUN mkdir -p var/mail && chown 10001:10001 var/mail
USER 10001
EXPOSE 1025 8025
CMD ["python", "-m", "devkit.inbox"]

FROM base AS academy
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
RUN mkdir -p var/beat && chown 10001:10001 var/beat
ENV PORT=8000 GUNICORN_CMD_ARGS="--bind 0.0.0.0:8000"
USER 10001
EXPOSE 8000
CMD ["gunicorn", "academy.wsgi", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
