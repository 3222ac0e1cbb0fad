#!/usr/bin/env python3
"""The real programs under faults: kills, system calls, disk, memory, clock, mutated requests.

  tests/live/live.py kill [--kills N]       kill -9 at random moments of a stream of signed events
  tests/live/live.py calls                  kill -9 at each system call from accept to the reply (strace)
  tests/live/live.py tokens                 kill -9 at each system call of a token refresh; no room for its journal
  tests/live/live.py disk                   a disk that is full for a while, and read-only (a tmpfs: root)
  tests/live/live.py limits                 a memory limit, a second instance, jumps of the clock
  tests/live/live.py fuzz [--requests N]    mutated requests, half of them validly signed

  --build DIR   where motcua and motcua-zalo-sim are (build/release)
  --seed N      repeats a run

Everything is on loopback and in a temporary folder, and ends by itself. The client keeps a ledger of its own, synced to
disk, of the 200s it was given; at the end each of those events must be in the database once, with one answer at the
platform. Exit status 0 if all holds; 77 if the machine cannot run it.
"""
import argparse, contextlib, ctypes, hashlib, http.client, json, os, random, re, resource, shutil, signal, socket, sqlite3
import subprocess, sys, tempfile, threading, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
APP, OA, SECRET = "4120000000000000001", "2870000000000000001", "oa-secret-of-the-test"
SKIPPED = 77


class Failure(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Failure(what)


def process(command, errors, environment=None, limit=None):
    """Dies with this program, too."""
    def prepare():
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=open(errors, "ab"), preexec_fn=prepare, text=True,
        env={**os.environ, "MOTCUA_OA_SECRET_KEY": SECRET, **(environment or {})})


def line_after(child, start):
    for line in child.stdout:
        if line.startswith(start):
            return line[len(start):].strip()
    raise Failure("the program has ended: " + start)


class Place:
    """A server, a simulator, and where they live."""

    def __init__(self, options, folder=None):
        self.options = options
        self.folder = folder or tempfile.mkdtemp(prefix="motcua-live-")
        self.storage = os.path.join(self.folder, "storage")
        self.errors = os.path.join(tempfile.mkdtemp(prefix="motcua-live-log-"), "errors")
        os.makedirs(self.storage)
        # One trained model serves all runs.
        self.models = os.path.join(ROOT, "build/test-models")
        os.makedirs(self.models, exist_ok=True)
        self.copy_models(self.models, self.storage)
        self.server = self.simulator = None
        self.environment, self.limit, self.slowest = {}, None, 0.0
        self.platform = "http://127.0.0.1:9"  # nobody listens there

    @staticmethod
    def copy_models(source, target):
        for name in os.listdir(source):
            if name.endswith(".bin") and not os.path.exists(os.path.join(target, name)):
                unfinished = os.path.join(target, f"{name}.{os.getpid()}")
                shutil.copy(os.path.join(source, name), unfinished)
                os.rename(unfinished, os.path.join(target, name))

    def command(self, *settings):
        places = ["storage.directory=" + self.storage, "content.intents=" + ROOT + "/intents",
                  "content.data=" + ROOT + "/data", "staff.port=0", "outbox.settle_seconds=1",
                  "outbox.answer_minutes=1440",  # the slowest machine, too
                  "zalo.api_base=" + self.platform, *settings]
        return [os.path.join(self.options.build, "motcua"), "serve", "--demo",
                *(word for one in places for word in ("--set", one))]

    def start(self, port=0):
        begun = time.monotonic()
        self.server = process(self.command(f"public.port={port}"), self.errors, self.environment, self.limit)
        self.url = line_after(self.server, "listening public ")
        self.port = int(self.url.rsplit(":", 1)[1])
        self.copy_models(self.storage, self.models)
        self.slowest = max(self.slowest, time.monotonic() - begun) if self.simulator else 0.0

    def start_both(self):
        self.start()
        self.simulator = process(
            [os.path.join(self.options.build, "motcua-zalo-sim"), "--server", self.url, "--retry-scale", "0.01",
             "--keep-subscription", "--sends-per-minute", "10000000"],
            self.errors)
        self.platform = line_after(self.simulator, "listening simulator ")
        self.kill()
        self.start(self.port)

    def kill(self):
        self.server.kill()
        self.server.wait()

    def call_simulator(self, path, body=None):
        request = urllib.request.Request(
            self.platform + path, data=body, method="GET" if body is None else "POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def database(self):
        connection = sqlite3.connect(f"file:{self.storage}/motcua.db?mode=ro", uri=True, timeout=10)
        connection.text_factory = bytes
        return connection

    def end(self):
        for child in (self.server, self.simulator):
            if child and child.poll() is None:
                child.kill()
                child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(os.path.dirname(self.errors), ignore_errors=True)


def signed(body, stamp):
    digest = hashlib.sha256(APP.encode() + body + stamp.encode() + SECRET.encode()).hexdigest()
    return {"X-ZEvent-Signature": "mac=" + digest, "Content-Type": "application/json"}


def code(number):
    return f"9.{number:06}"


def event(number, citizen, stamp):
    """Asks for a code of its own, so that each answer can be told from the others."""
    return json.dumps({
        "app_id": APP, "sender": {"id": citizen}, "recipient": {"id": OA}, "event_name": "user_send_text",
        "message": {"text": "#procedure:" + code(number), "msg_id": f"event-{number}"},
        "timestamp": stamp}).encode()


class Client:
    """Posts numbered events and keeps the ledger."""

    def __init__(self, place, citizens):
        self.place, self.citizens = place, citizens
        self.stamp = str(int(time.time() * 1000))
        self.ledger = open(os.path.join(os.path.dirname(place.errors), "ledger"), "w+b", buffering=0)
        self.acknowledged, self.next, self.lock = set(), 1, threading.Lock()
        self.going = False

    def post(self, number, line=None):
        """The status, or None if there was no answer."""
        line = line or http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=10)
        body = event(number, self.citizens[number % len(self.citizens)], self.stamp)
        try:
            line.request("POST", "/webhook/zalo", body, signed(body, self.stamp))
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            line.close()
            return None
        if answer.status == 200:
            with self.lock:
                self.ledger.write(f"{number}\n".encode())
                os.fsync(self.ledger.fileno())
                self.acknowledged.add(number)
        return answer.status

    def stream(self):
        line = None
        while self.going:
            with self.lock:
                number, self.next = self.next, self.next + 1
            # A retry ladder of its own: what is not acknowledged is posted again until it is.
            while self.going:
                line = line or http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=10)
                if self.post(number, line) == 200:
                    break
                line = None
                time.sleep(0.01)
            self.unfinished.discard(number) if number in self.acknowledged else self.unfinished.add(number)

    def begin(self, threads=6):
        self.going, self.unfinished = True, set()
        self.threads = [threading.Thread(target=self.stream, daemon=True) for _ in range(threads)]
        for one in self.threads:
            one.start()

    def finish(self):
        self.going = False
        for one in self.threads:
            one.join()
        for number in self.unfinished:
            expect(self.post(number) == 200, "a good event was refused at the end")


def citizens_of(place, count):
    """Enough that none of them says more than a person can: the server would not answer that, and of a hundred messages
    behind it the server does not read back whether one has arrived."""
    made = [place.call_simulator("/api/citizens", b"{}")["id"] for _ in range(count)]
    for one in made:
        place.call_simulator(f"/api/citizens/{one}/follow", b"{}")
    return made


def fate_of(place, codes):
    """What the outbox says of a few answers."""
    with contextlib.closing(place.database()) as database:
        found = [database.execute(
            "SELECT id, state, reason, attempts FROM outbox WHERE message LIKE ?", (f"% {name}%",)).fetchall()
            for name in sorted(codes)[:3]]
        return f"{sorted(codes)[:3]}: {found}"


def expect_effects(place, client, patience=60, answered=None):
    """Every acknowledged event is stored once and answered once; of `answered` only these are. Waits while answers come."""
    with contextlib.closing(place.database()) as database:
        bodies = [row[0] for row in database.execute("SELECT body FROM events WHERE body IS NOT NULL")]
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
    expect(whole == b"ok" and not broken, "the database is damaged")
    stored = re.findall(rb'"event-(\d+)"', b"\n".join(bodies))
    expect(len(stored) == len(set(stored)), "stored twice")
    lost = client.acknowledged - {int(number) for number in stored}
    expect(not lost, f"lost: {sorted(lost)[:5]} … of {len(client.acknowledged)}")
    wanted = {code(number) for number in (client.acknowledged if answered is None else answered)}
    give_up, missing = time.monotonic() + patience, len(wanted)
    while True:
        answers = {}
        for citizen in client.citizens:
            # Of all calls the simulator remembers the latest only, of each chat a thousand lines.
            for one in place.call_simulator(f"/api/citizens/{citizen}/messages")["messages"]:
                found = re.search(r" (9\.\d{6})", one["text"])
                if found and one["from"] == "oa":
                    answers[found[1]] = answers.get(found[1], 0) + 1
        twice = {name for name, times in answers.items() if times > 1}
        expect(not twice, f"answered twice: {sorted(twice)[:5]}")
        if wanted <= set(answers):
            return
        if len(wanted - set(answers)) < missing:
            give_up, missing = time.monotonic() + patience, len(wanted - set(answers))
        expect(time.monotonic() < give_up,
               f"{missing} answers are missing, none lost, none twice: " + fate_of(place, wanted - set(answers)))
        time.sleep(0.5)


def kill(options):
    place = Place(options)
    try:
        place.start_both()
        client = Client(place, citizens_of(place, 10_000))
        moments = random.Random(options.seed)
        client.begin()
        for _ in range(options.kills):
            time.sleep(moments.uniform(0.02, 0.4))
            place.kill()
            place.start(place.port)
        client.finish()
        expect_effects(place, client)
        print(f"{options.kills} kills, {len(client.acknowledged)} acknowledged events: none lost, none answered twice; "
              f"slowest start {place.slowest:.2f} s")
    finally:
        place.end()


CALLS = ["accept4", "recvmsg", "epoll_wait", "epoll_ctl", "futex", "openat", "pread64", "pwrite64", "fdatasync", "fsync",
         "ftruncate", "sendmsg", "socket", "connect", "write", "read", "close", "timerfd_settime"]


def calls(options):
    if not shutil.which("strace"):
        print("no strace")
        sys.exit(SKIPPED)
    place = Place(options)
    try:
        place.start_both()
        client = Client(place, citizens_of(place, 40))
        kills, number = 0, 0
        for name in CALLS:
            for turn in range(1, options.turns + 1):
                number += 1
                tracer = subprocess.Popen(
                    ["strace", "-f", "-p", str(place.server.pid), "-e", "trace=" + name, "-e", "signal=none", "-e",
                     f"inject={name}:signal=SIGKILL:when={turn}", "-o", "/dev/null"],
                    stderr=subprocess.PIPE, text=True)
                tracer.stderr.readline()  # "attached"
                status = client.post(number)
                give_up = time.monotonic() + 1.5
                while place.server.poll() is None and time.monotonic() < give_up:
                    time.sleep(0.02)
                if place.server.poll() is None:
                    tracer.send_signal(signal.SIGINT)
                try:
                    tracer.wait(20)
                except subprocess.TimeoutExpired:  # strace can miss the end of a thread; nothing ends before it does
                    tracer.kill()
                    tracer.wait()
                died = place.server.poll() is not None
                if died:
                    kills += 1
                    place.start(place.port)
                if status != 200:
                    expect(client.post(number) == 200, "a good event was refused")
                if not died:
                    break  # the cycle has no so many of these calls
        expect_effects(place, client)
        print(f"killed at {kills} system calls, {number} events: none lost, none answered twice")
    finally:
        place.end()


REFRESH = "first-refresh-token"


class Rotation:
    """A vault with a pair in it, and a platform that gives another pair for it once."""

    def __init__(self, options, template=None, parent=None):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="motcua-live-tokens-", dir=parent)
        self.storage = os.path.join(self.folder, "storage")
        self.errors = os.path.join(self.folder, "errors")
        if template:
            shutil.copytree(template, self.storage)
        else:
            os.makedirs(self.storage)
        self.simulator = process(
            [os.path.join(options.build, "motcua-zalo-sim"), "--server", "http://127.0.0.1:9", "--refresh-token", REFRESH,
             "--old-token-lives"], self.errors)
        self.platform = line_after(self.simulator, "listening simulator ")

    def command(self, *words):
        return [os.path.join(self.options.build, "motcua"), "token", *words, "--demo", "--set",
                "storage.directory=" + self.storage, "--set", "zalo.api_base=" + self.platform]

    def run(self, *words, tracer=()):
        return subprocess.run(
            [*tracer, *self.command(*words)], capture_output=True, text=True, timeout=60,
            env={**os.environ, "MOTCUA_OA_SECRET_KEY": SECRET, "MOTCUA_APP_SECRET_KEY": "app-secret"})

    def seen(self):
        with urllib.request.urlopen(self.platform + "/api/oauth", timeout=20) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.simulator.kill()
        self.simulator.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def calls_of(trace):
    """(thread, name, arguments) of each system call of a strace -f file."""
    with open(trace, errors="replace") as file:
        return [found.groups() for found in (re.match(r"(\d+) +(\w+)\((.*)", line) for line in file) if found]


def tokens(options):
    if not shutil.which("strace"):
        print("no strace")
        sys.exit(SKIPPED)
    with Rotation(options) as made:
        for name, text in (("access", "simulated-access-token"), ("refresh", REFRESH)):
            with open(os.path.join(made.folder, name), "w") as file:
                file.write(text + "\n")
        done = made.run("set", "--access-token-file=" + made.folder + "/access",
                        "--refresh-token-file=" + made.folder + "/refresh")
        expect(done.returncode == 0, "no vault: " + done.stderr)
        template = made.storage

        with Rotation(options, template) as whole:
            trace = os.path.join(whole.folder, "trace")
            done = whole.run("refresh", tracer=["strace", "-f", "-o", trace])
            expect(done.returncode == 0 and whole.seen()["refreshes"] == 1, "no refresh: " + done.stderr)
            all_calls = calls_of(trace)
        thread = all_calls[0][0]
        calls = [(name, text) for one, name, text in all_calls if one == thread]
        first = next(i for i, (_, text) in enumerate(calls) if "tokens.lock" in text)
        answer = max(i for i, (name, text) in enumerate(calls)
                     if name == "openat" and "tokens.answer" in text and "O_RDONLY" not in text)
        kept = next(i for i, (name, _) in enumerate(calls) if i > answer and name in ("fsync", "fdatasync"))
        counts, killed, lost = {}, 0, []
        for i, (name, _) in enumerate(calls):
            counts[name] = counts.get(name, 0) + 1
            if i < first or name in ("exit_group", "execve", "rt_sigreturn", "restart_syscall"):
                continue
            with Rotation(options, template) as here:
                done = here.run("refresh", tracer=[
                    "strace", "-f", "-e", "trace=" + name, "-e", "signal=none", "-e",
                    f"inject={name}:signal=SIGKILL:when={counts[name]}", "-o", "/dev/null"])
                if done.returncode == 0:
                    continue  # the threads took turns otherwise
                killed += 1
                acted = here.seen()["refreshes"]
                again = here.run("refresh")
                seen = here.seen()
                if again.returncode == 0:
                    expect(seen["refused"] == 0, f"spent twice after a kill at call {i}, {name}")
                    continue
                lost.append(i)
                expect(acted == 1 and i <= kept, f"lost after a kill at call {i}, {name}: {again.stderr}")
                shown = here.run()
                expect(shown.returncode == 1 and "alarm" in shown.stdout + shown.stderr, "lost without an alarm")
                expect(seen["live_access_tokens"] >= 1, "no access token is left")
        print(f"killed at {killed} system calls of a refresh: {len(lost)} answers lost, all before they were on the disk "
              f"(calls {min(lost, default=0) - first} to {max(lost, default=0) - first} of {len(calls) - first}; "
              f"journal at {kept - first}), none behind it")
        with_full_disk(options, template)


def with_full_disk(options, template):
    folder = tempfile.mkdtemp(prefix="motcua-live-disk-")
    if os.geteuid() != 0 or subprocess.call(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], stderr=subprocess.DEVNULL) != 0:
        print("cannot mount a tmpfs: no full disk")
        return
    try:
        with Rotation(options, template, parent=folder) as here:
            fill(os.path.join(folder, "filler"))
            done = here.run("refresh")
            expect(done.returncode != 0 and here.seen()["refreshes"] == 0, "a call without room for its answer")
            os.unlink(os.path.join(folder, "filler"))
            done = here.run("refresh")
            expect(done.returncode == 0 and here.seen()["refused"] == 0, "no refresh though there is room: " + done.stderr)
        print("full disk: no call; refreshed once there was room")
    finally:
        subprocess.call(["umount", "-l", folder])
        os.rmdir(folder)


def fill(name):
    """Takes all room there is."""
    with open(name, "wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


def disk(options):
    folder = tempfile.mkdtemp(prefix="motcua-live-disk-")
    if os.geteuid() != 0 or subprocess.call(
            ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", folder], stderr=subprocess.DEVNULL) != 0:
        print("cannot mount a tmpfs")
        sys.exit(SKIPPED)
    place = Place(options, folder)
    try:
        place.start_both()
        client = Client(place, citizens_of(place, 1000))  # a disk that is nearly full takes thousands
        for number in range(1, 50):
            expect(client.post(number) == 200, "a good event was refused")
        filler = os.path.join(folder, "filler")
        fill(filler)
        number, refused, full_until = 50, 0, time.monotonic() + options.minutes * 60
        while time.monotonic() < full_until or refused == 0:
            status = client.post(number)
            expect(status in (200, 503), f"{status} on a full disk")
            refused += status == 503
            number += status == 200
            expect(place.server.poll() is None, "a full disk has ended the server")
            time.sleep(0 if status == 200 else 0.2)
        os.unlink(filler)
        give_up = time.monotonic() + 10
        while client.post(number) != 200:
            expect(time.monotonic() < give_up, "it refuses though there is room again")
            time.sleep(0.2)
        expect_effects(place, client)
        print(f"full disk: {refused} refusals, then {len(client.acknowledged)} stored and answered")
        place.kill()
        subprocess.check_call(["mount", "-o", "remount,ro", folder])
        start = subprocess.run(
            place.command("public.port=0"), capture_output=True, text=True, timeout=60,
            env={**os.environ, "MOTCUA_OA_SECRET_KEY": SECRET})
        subprocess.check_call(["mount", "-o", "remount,rw", folder])
        last = (start.stderr.strip().splitlines() or [""])[-1]
        expect(start.returncode != 0 and place.storage in last and "ead-only" in last, "no clear line: " + last)
        place.start(place.port)
        expect(client.post(number + 1) == 200, "a good event was refused behind the read-only disk")
        expect_effects(place, client)
        print("read-only disk: named at the start, nothing lost")
    finally:
        place.end()
        subprocess.call(["umount", "-l", folder])


def limits(options):
    place = Place(options)
    try:
        place.limit = options.memory_mib * 1024 * 1024
        place.start_both()
        client = Client(place, citizens_of(place, 2000))
        client.begin(threads=8)
        time.sleep(options.minutes * 60 if options.minutes else 5)
        client.finish()
        expect(place.server.poll() is None, "the memory limit has ended the server")
        expect_effects(place, client)
        second = subprocess.run(
            place.command("public.port=0"), capture_output=True, text=True, timeout=60,
            env={**os.environ, "MOTCUA_OA_SECRET_KEY": SECRET})
        expect(second.returncode != 0 and "in use" in second.stderr, "a second instance was let in")
        print(f"{options.memory_mib} MiB of addresses: {len(client.acknowledged)} events; a second instance is refused")
        library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
        if not os.path.exists(library):
            print("no libfaketime: the clock was left alone")
            return
        clock = os.path.join(place.folder, "clock")
        place.kill()
        place.limit = None
        # Without its cache the library asks the file every time, so that no event comes under the clock before.
        place.environment = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
                             "DONT_FAKE_MONOTONIC": "1"}

        def set_clock(shift):
            with open(clock + ".new", "w") as file:
                file.write(shift)
            os.rename(clock + ".new", clock)

        number = client.next + 1000
        set_clock("+0")
        place.start(place.port)
        for jump in ("-1d", "+1d", "-20000d", "+400d", "+0"):
            set_clock(jump)
            time.sleep(0.5)  # timers see it, too
            numbers = set()
            for _ in range(20):
                number += 1
                numbers.add(number)
                begun = time.monotonic()
                # All that the simulator has yet to tell can take every connection for a moment.
                while (status := client.post(number)) is None and time.monotonic() - begun < options.probe_seconds:
                    time.sleep(0.05)
                expect(status == 200, f"answered {status} after a jump of {jump}")
                expect(time.monotonic() - begun < 2 * options.probe_seconds, "slow after a jump of " + jump)
        expect_effects(place, client, answered=numbers)
        print("clock: stored through jumps of a day, fifty years back and a year ahead, and answered when it is right again")
    finally:
        place.end()


WORDS = [b"\r\n", b"\0", b"\n", b"{", b"}", b"[" * 40, b'"', b"\\ud800", b"1e999", b"-0", b"null", b'"id":', b"\xff",
         "ế".encode(), b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n",
         b"user_send_image", b"oa_send_text", b"follow", b"user_withdraw", b'"attachments":[{"type":"image"}]',
         b"GET ", b"/api/v1/session", b"%00", b"A" * 9000]


def mutated(text, chance):
    text = bytearray(text)
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(text):
            text[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del text[at:at + chance.randrange(1, 40)]
        elif kind == 2:
            text[at:at] = chance.choice(WORDS)
        elif kind == 3:
            text[at:at] = text[at:at + chance.randrange(1, 60)]
        else:
            text[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 6)))
    return bytes(text)


def exchange(port, bytes_out):
    """The statuses of what came back until the server closed or fell silent."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.settimeout(2)
        try:
            line.sendall(bytes_out)
            line.shutdown(socket.SHUT_WR)
            while piece := line.recv(65536):
                received += piece
        except OSError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", received)]


def fuzz(options):
    place = Place(options)
    try:
        place.start()
        chance = random.Random(options.seed)
        client = Client(place, ["8211000000000000001"])
        counts, accepted, slow = {}, 0, 0.0
        for turn in range(options.requests):
            body = event(10_000_000 + turn, "8211000000000000002", client.stamp)
            if turn % 2:  # what only the platform could send
                body = mutated(body, chance)
                stamp = re.search(rb'"timestamp": ?"(\d+)"', body)
                fields = signed(body, stamp[1].decode() if stamp else client.stamp)
                request = b"POST /webhook/zalo HTTP/1.1\r\nHost: a\r\n" + b"".join(
                    f"{name}: {value}\r\n".encode() for name, value in fields.items()
                ) + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
            else:  # what anybody could
                request = mutated(
                    b"POST /webhook/zalo HTTP/1.1\r\nHost: a\r\nX-ZEvent-Signature: mac=" + b"0" * 64 +
                    f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body, chance)
            begun = time.monotonic()
            statuses = exchange(place.port, request)
            slow = max(slow, time.monotonic() - begun)
            expect(place.server.poll() is None, f"the server has ended at request {turn} of seed {options.seed}")
            for status in statuses:
                expect(status != 500, f"500 at request {turn}: {request!r}")
                counts[status] = counts.get(status, 0) + 1
            if turn % 2:
                accepted += statuses.count(200)
            elif request.startswith(b"POST /webhook/zalo HTTP/1."):
                expect(200 not in statuses, f"unsigned and accepted: {request!r}")
            if turn % 200 == 0:
                begun = time.monotonic()
                expect(client.post(1 + turn) == 200, "a good request was refused")
                expect(time.monotonic() - begun < options.probe_seconds, "a good request waited")
        place.server.send_signal(signal.SIGTERM)
        expect(place.server.wait(30) == 0, "it did not stop cleanly")
        with contextlib.closing(place.database()) as database:
            stored = database.execute("SELECT count(*) FROM events").fetchone()[0]
        expect(stored <= accepted + len(client.acknowledged), "stored what was not signed")
        with open(place.errors, errors="replace") as file:
            text = file.read()
        expect("Sanitizer" not in text and "runtime error" not in text, "a sanitizer has spoken:\n" + text[-3000:])
        print(f"{options.requests} requests of seed {options.seed}: answers {dict(sorted(counts.items()))}, "
              f"{stored} stored, slowest exchange {slow:.2f} s")
    finally:
        place.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["kill", "calls", "tokens", "disk", "limits", "fuzz"])
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--memory-mib", type=int, default=1024)
    parser.add_argument("--probe-seconds", type=float, default=1)
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    try:
        globals()[options.what](options)
    except Failure as failure:
        print(f"FAILED (seed {options.seed}): {failure}")
        sys.exit(1)


if __name__ == "__main__":
    main()
