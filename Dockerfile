# One small image: the locked packages, the checkout's five packages, a user who owns nothing.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements/ requirements/
RUN python -m venv /opt/medvind \
 && /opt/medvind/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY medvind/ medvind/
COPY bot/ bot/
COPY sms/ sms/
COPY api/ api/
COPY scheduler/ scheduler/
RUN /opt/medvind/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/medvind medvind
COPY --from=build /opt/medvind /opt/medvind
ENV PATH=/opt/medvind/bin:$PATH MEDVIND_HOST=0.0.0.0 MEDVIND_DATABASE_URL=sqlite:////var/lib/medvind/medvind.db
USER medvind
WORKDIR /var/lib/medvind
VOLUME /var/lib/medvind
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["medvind", "serve"]
