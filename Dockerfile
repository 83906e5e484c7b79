# live-room in a container. docs/self-host.md says what of this was run, and how.
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
COPY web web
COPY client client
COPY docs docs
RUN node scripts/build.mjs --service
# Of the packages only the embedded database is not in the bundle.
RUN node scripts/runtime-modules.mjs /build/runtime

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=9000 SQLITE_PATH=/data/live-room.sqlite
WORKDIR /app
COPY --from=build /build/dist dist
COPY --from=build /build/runtime node_modules
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# node as the first process gets SIGTERM itself, and ends everything under way within nine seconds.
CMD ["node", "dist/index.js"]
