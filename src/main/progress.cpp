#include "progress.hpp"

#include <unistd.h>

#include <cmath>
#include <iostream>
#include <utility>

namespace motcua {

progress_line::progress_line(std::string label)
    : label_(std::move(label)), visible_(::isatty(STDERR_FILENO) == 1)
{
}

progress_line::~progress_line()
{
    if (shown_ >= 0)
        std::cerr << '\n';
}

void progress_line::show(double share)
{
    const auto percent = static_cast<int>(std::lround(share * 100));
    if (!visible_ || percent == shown_)
        return;
    shown_ = percent;
    std::cerr << '\r' << label_ << ' ' << percent << " %" << std::flush;
}

} // namespace motcua
