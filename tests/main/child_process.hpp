#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace motcua {

// A program run by a test. Its stdout is read line by line, its stderr goes to a file. Killed, if
// it still runs, at the end.
class child_process
{
public:
    child_process(
        const std::vector<std::string>& command,
        const std::map<std::string, std::string>& environment,
        const std::string& error_file)
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::runtime_error("pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        std::vector<std::string> variables;
        for (char** one = environ; *one != nullptr; ++one)
            variables.emplace_back(*one);
        for (const auto& [name, value] : environment)
            variables.push_back(name + "=" + value);
        const int failed = ::posix_spawn(
            &pid_,
            command.front().c_str(),
            &actions,
            nullptr,
            pointers(command).data(),
            pointers(variables).data());
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        output_ = ends[0];
        if (failed != 0)
            throw std::runtime_error("cannot start " + command.front());
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process()
    {
        if (pid_ > 0)
            kill_at_once();
        ::close(output_);
    }

    // The rest of the first line that begins with `start`; throws if the program ends or says
    // nothing for 60 s.
    std::string line_after(const std::string& start)
    {
        for (;;) {
            const auto end = read_.find('\n');
            if (end == std::string::npos) {
                read_more();
                continue;
            }
            const auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            if (line.starts_with(start))
                return line.substr(start.size());
        }
    }

    // What it has said and nobody has read, once it has ended.
    std::string rest()
    {
        char bytes[4096];
        for (;;) {
            const auto count = ::read(output_, bytes, sizeof bytes);
            if (count <= 0)
                return std::exchange(read_, {});
            read_.append(bytes, static_cast<std::size_t>(count));
        }
    }

    void kill_at_once()
    {
        ::kill(pid_, SIGKILL);
        wait();
    }

    void send_signal(int number) { ::kill(pid_, number); }

    // Asks it to stop and gives its exit status; -1 if a signal ended it.
    int stop()
    {
        ::kill(pid_, SIGTERM);
        return wait();
    }

    int wait()
    {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    static std::vector<char*> pointers(const std::vector<std::string>& words)
    {
        std::vector<char*> list;
        list.reserve(words.size() + 1);
        for (const auto& word : words)
            list.push_back(const_cast<char*>(word.c_str()));
        list.push_back(nullptr);
        return list;
    }

    void read_more()
    {
        ::pollfd waiting{.fd = output_, .events = POLLIN, .revents = 0};
        char bytes[4096];
        if (::poll(&waiting, 1, 60'000) != 1)
            throw std::runtime_error("the program says nothing");
        const auto count = ::read(output_, bytes, sizeof bytes);
        if (count <= 0)
            throw std::runtime_error("the program has ended");
        read_.append(bytes, static_cast<std::size_t>(count));
    }

    ::pid_t pid_ = 0;
    int output_ = -1;
    std::string read_;
};

} // namespace motcua
