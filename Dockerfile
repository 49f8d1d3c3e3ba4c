# One image for every process: `serve`, `work` and `migrate`.

FROM node:24-trixie-slim AS pages
WORKDIR /pages
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-trixie AS dependencies
COPY requirements-production.lock .
RUN python -m venv /opt/passgate \
    && /opt/passgate/bin/pip install --no-cache-dir --no-deps --require-hashes \
       -r requirements-production.lock

FROM python:3.13-slim-trixie
ENV PATH=/opt/passgate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PASSGATE_HOST=0.0.0.0
RUN useradd --system --uid 10001 --no-create-home passgate
WORKDIR /srv/passgate
COPY --from=dependencies /opt/passgate /opt/passgate
COPY passes passes
COPY migrations migrations
COPY gateway gateway
COPY workers workers
COPY --from=pages /pages/node_modules/barcode-detector/dist/iife/ponyfill.js \
    gateway/web/static/vendor/barcode-detector.js
COPY --from=pages /pages/node_modules/zxing-wasm/dist/reader/zxing_reader.wasm \
    gateway/web/static/vendor/zxing_reader.wasm
USER 10001
EXPOSE 8080
ENTRYPOINT ["python", "-m", "gateway"]
CMD ["serve"]
