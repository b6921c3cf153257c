# syntax=docker/dockerfile:1
# One image for every role: `writ serve`, `writ worker`, `writ publish`. It holds no spec and no secret.

FROM python:3.13.11-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

COPY requirements-build.lock requirements.lock ./
RUN python -m venv /opt/build && /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock
RUN python -m venv /opt/writ && /opt/writ/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock

COPY . .
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/writ/bin/pip install --no-deps --no-index /dist/writ-*.whl \
    && /opt/writ/bin/pip check

FROM python:3.13.11-slim-trixie
ENV WRIT_ENVIRONMENT=production PATH=/opt/writ/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin writ
COPY --from=build /opt/writ /opt/writ
WORKDIR /app
USER writ
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=4 CMD ["writ", "doctor"]
ENTRYPOINT ["writ"]
CMD ["serve"]
