# FindZeroMQ for libzmq with the C++ header zmq.hpp of cppzmq. Imported target: ZeroMQ::cppzmq.
# libzmq.pc would add folders of Kerberos and libxml2 to every compile line.
find_path(ZeroMQ_INCLUDE_DIR NAMES zmq.hpp)
find_library(ZeroMQ_LIBRARY NAMES zmq)
if(ZeroMQ_INCLUDE_DIR AND EXISTS "${ZeroMQ_INCLUDE_DIR}/zmq.h")
  foreach(_part MAJOR MINOR PATCH)
    file(STRINGS "${ZeroMQ_INCLUDE_DIR}/zmq.h" _line REGEX "^#define ZMQ_VERSION_${_part} [0-9]+")
    string(REGEX MATCH "[0-9]+$" _${_part} "${_line}")
  endforeach()
  set(ZeroMQ_VERSION "${_MAJOR}.${_MINOR}.${_PATCH}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ZeroMQ
  REQUIRED_VARS ZeroMQ_INCLUDE_DIR ZeroMQ_LIBRARY VERSION_VAR ZeroMQ_VERSION)
if(ZeroMQ_FOUND AND NOT TARGET ZeroMQ::cppzmq)
  add_library(ZeroMQ::cppzmq UNKNOWN IMPORTED)
  set_target_properties(ZeroMQ::cppzmq PROPERTIES IMPORTED_LOCATION "${ZeroMQ_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ZeroMQ_INCLUDE_DIR}")
endif()
mark_as_advanced(ZeroMQ_INCLUDE_DIR ZeroMQ_LIBRARY)
