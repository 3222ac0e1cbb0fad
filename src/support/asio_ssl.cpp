// Asio's TLS, compiled here once for the HTTP listener and the Zalo client.
#include <boost/asio/ssl/impl/src.hpp>
