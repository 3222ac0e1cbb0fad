#pragma once

#include <string>

namespace motcua {

// A line on stderr that grows with long work: only on a terminal.
class progress_line
{
public:
    explicit progress_line(std::string label);
    ~progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(double share); // 0..1

private:
    std::string label_;
    bool visible_;
    int shown_ = -1;
};

} // namespace motcua
