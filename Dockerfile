# The web desk, the server: build, test, then a small image without root rights.
FROM debian:bookworm AS desk
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    ca-certificates nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY scripts/desk scripts/
COPY web web
RUN scripts/desk

FROM debian:bookworm AS build
WORKDIR /src
COPY scripts/packages-build.txt scripts/
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $(cat scripts/packages-build.txt) && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DBUILD_TESTING=OFF && cmake --build build/release --target motcua

FROM build AS test
RUN build/release/motcua check

FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    ca-certificates curl libarchive13 libboost-url1.81.0 libfmt9 liblinear4 libpugixml1v5 libqrencode4 libre2-9 libsodium23 libspdlog1.10 libsqlite3-0 libssl3 \
    libutf8proc2 libxlsxwriter4 libyaml-cpp0.7 libzip4 zlib1g && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/motcua motcua
COPY --from=test /src/build/release/motcua /usr/local/bin/motcua
COPY --from=test /src/intents /usr/share/motcua/intents
COPY --from=test /src/data /usr/share/motcua/data
COPY --from=desk /src/web/dist /usr/share/motcua/web/dist
WORKDIR /usr/share/motcua
USER motcua
VOLUME /var/lib/motcua
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["motcua"]
CMD ["serve", "--set", "storage.directory=/var/lib/motcua", "--config", "/etc/motcua/motcua.yml"]
