// Messages between the processes of one job, by whichever MPI library has started them.
//
// MPI fixes an interface in C, but not how its types look in memory. Three forms are in use; they are
// told apart once the library is loaded:
//   Open MPI  handles are addresses of symbols such as ompi_mpi_comm_world
//   MPICH     (Intel MPI, MVAPICH, Cray MPICH) handles are numbers such as 0x44000000
//   MPI 5     (libmpi_abi.so) handles are small numbers such as 0x101
//
// All functions are called from the one thread that has called `cmpi_open`. Those that can fail give
// 0, or -1 with a sentence in `message`.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

enum { cmpi_message_size = 1024 };

typedef struct {
  int rank;
  int size;
  char version[160];  // the library's name and version
} cmpi_world;

// Loads a library and joins the job's other processes.
int cmpi_open(const char *library, cmpi_world *world, char message[cmpi_message_size]);
int cmpi_close(char message[cmpi_message_size]);

// A message under way; it must not move until it is done.
typedef struct {
  _Alignas(8) unsigned char bytes[8];
} cmpi_request;

// `count` bytes, which must stay until the request is done.
int cmpi_send(const void *bytes, int count, int to, int tag, cmpi_request *request,
              char message[cmpi_message_size]);
int cmpi_receive(void *bytes, int count, int from, int tag, cmpi_request *request,
                 char message[cmpi_message_size]);
// Whether the request is done, without waiting.
int cmpi_test(cmpi_request *request, int *done, char message[cmpi_message_size]);

#endif
