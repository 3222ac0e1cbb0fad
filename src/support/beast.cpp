// Beast, compiled here once for the HTTP listener and the Zalo client
// (BOOST_BEAST_SEPARATE_COMPILATION, cmake/options.cmake).
#include <boost/beast/src.hpp>
