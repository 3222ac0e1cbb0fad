#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::http {

constexpr int wait_ms = 4000; // for anything a peer should do

// A blocking client that sends whatever bytes it is told, from any loopback address.
class raw_client
{
public:
    explicit raw_client(std::uint16_t port, const char* from = "127.0.0.1")
        : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        const sockaddr_in source = address(from, 0);
        const sockaddr_in target = address("127.0.0.1", port);
        EXPECT_EQ(::bind(socket_, as_general(&source), sizeof(source)), 0);
        EXPECT_EQ(::connect(socket_, as_general(&target), sizeof(target)), 0);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;
    ~raw_client() { ::close(socket_); }

    int native() const { return socket_; }

    // False if the peer has closed already.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void send_end() { ::shutdown(socket_, SHUT_WR); }

    // The next whole response (header and body by its Content-Length); what there is if the peer
    // closes before, or falls silent.
    std::string response(bool has_body = true)
    {
        for (;;) {
            const auto end = buffered_.find("\r\n\r\n");
            if (end != std::string::npos) {
                const auto size = end + 4 + (has_body ? body_size(buffered_.substr(0, end)) : 0);
                if (buffered_.size() >= size) {
                    std::string whole = buffered_.substr(0, size);
                    buffered_.erase(0, size);
                    return whole;
                }
            }
            if (receive() != received::bytes)
                return std::exchange(buffered_, {});
        }
    }

    // All that still comes until the peer closes; fails the test if it does not.
    std::string until_closed()
    {
        for (;;) {
            switch (receive()) {
            case received::bytes:
                continue;
            case received::end:
                return std::exchange(buffered_, {});
            case received::silence:
                ADD_FAILURE() << "the peer has not closed; it sent: " << buffered_;
                return std::exchange(buffered_, {});
            }
        }
    }

    // What comes up to and with `text`; what there is if the peer closes before, or falls silent.
    std::string until(std::string_view text)
    {
        for (;;) {
            if (const auto at = buffered_.find(text); at != std::string::npos) {
                std::string found = buffered_.substr(0, at + text.size());
                buffered_.erase(0, at + text.size());
                return found;
            }
            if (receive() != received::bytes)
                return std::exchange(buffered_, {});
        }
    }

    // Waits for the peer to close, for this long at most; what it sends meanwhile is kept.
    bool is_closed_within(int milliseconds) { return receive(milliseconds) == received::end; }

    bool is_reset() const { return is_reset_; } // closed the hard way

private:
    enum class received
    {
        bytes,
        end,
        silence
    };

    received receive(int milliseconds = wait_ms)
    {
        pollfd waited{};
        waited.fd = socket_;
        waited.events = POLLIN;
        if (::poll(&waited, 1, milliseconds) <= 0)
            return received::silence;
        char bytes[4096];
        const auto count = ::recv(socket_, bytes, sizeof(bytes), 0);
        if (count <= 0) {
            is_reset_ = count < 0 && errno == ECONNRESET;
            return received::end;
        }
        buffered_.append(bytes, static_cast<std::size_t>(count));
        return received::bytes;
    }

    static std::size_t body_size(const std::string& header)
    {
        const std::string_view name = "\r\nContent-Length: ";
        const auto at = header.find(name);
        return at == std::string::npos ? 0 : std::stoul(header.substr(at + name.size()));
    }

    static sockaddr_in address(const char* text, std::uint16_t port)
    {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_port = htons(port);
        EXPECT_EQ(::inet_pton(AF_INET, text, &made.sin_addr), 1);
        return made;
    }

    static const sockaddr* as_general(const sockaddr_in* specific)
    {
        return static_cast<const sockaddr*>(static_cast<const void*>(specific));
    }

    int socket_;
    std::string buffered_;
    bool is_reset_ = false;
};

inline unsigned status_of(const std::string& response)
{
    return response.starts_with("HTTP/1.1 ") && response.size() > 12
               ? static_cast<unsigned>(std::stoul(response.substr(9, 3)))
               : 0;
}

inline std::string body_of(const std::string& response)
{
    const auto end = response.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : response.substr(end + 4);
}

} // namespace motcua::http
