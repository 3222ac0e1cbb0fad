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
COPY scripts/packages-build.txt scripts/packages-package.txt scripts/
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $(cat scripts/packages-build.txt scripts/packages-package.txt) && rm -rf /var/lib/apt/lists/*
COPY . .
COPY --from=desk /src/web/dist web/dist
RUN cmake --preset package && cmake --build build/package --target motcua package_files
RUN DESTDIR=/installed cmake --install build/package --strip

FROM build AS test
RUN cd / && /installed/usr/bin/motcua check

# The libraries are those the Debian package depends on; motcua --version fails if one is missing.
FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    ca-certificates curl libarchive13 libboost-url1.81.0 libfmt9 liblinear4 libmimalloc2.0 libpugixml1v5 libqrencode4 libre2-9 libsimdjson14 libsodium23 libspdlog1.10 libsqlite3-0 libssl3 \
    libutf8proc2 libxlsxwriter4 libyaml-cpp0.7 libzip4 zlib1g && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/motcua motcua && install -d -o motcua -g motcua -m 0700 /var/lib/motcua
COPY --from=test /installed/ /
RUN motcua --version
USER motcua
WORKDIR /var/lib/motcua
VOLUME /var/lib/motcua
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["motcua"]
# /etc/motcua/motcua.yml is the package's own, or one that is mounted; in a container both listeners are reached from outside.
CMD ["serve", "--allow-unconfigured", "--set", "public.address=0.0.0.0", "--set", "staff.address=0.0.0.0"]
