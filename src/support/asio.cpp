// The one place where Asio is compiled (BOOST_ASIO_SEPARATE_COMPILATION, cmake/options.cmake).
#include <boost/asio/impl/src.hpp>
