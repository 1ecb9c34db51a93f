#define _GNU_SOURCE
#include "cmpi.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// A handle is an int in MPICH and a pointer elsewhere. One prototype serves both: on x86-64 and
// arm64 both travel in the same registers, and a function that takes an int looks at its lower half.
typedef uintptr_t handle;

static struct {
  int (*init)(int *, char ***, int, int *);
  int (*finalize)(void);
  int (*rank)(handle, int *);
  int (*size)(handle, int *);
  int (*send)(const void *, int, handle, int, int, handle, void *);
  int (*receive)(void *, int, handle, int, int, handle, void *);
  int (*test)(void *, int *, void *);
  int (*set_handler)(handle, handle);
  int (*error_text)(int, char *, int *);
  int (*version)(char *, int *);
} mpi;

static handle world_handle, byte_handle;
static void *ignored_status;

static int fail(char *message, const char *format, const char *detail) {
  snprintf(message, cmpi_message_size, format, detail);
  return -1;
}

static int checked(int code, const char *what, char *message) {
  if (code == 0) return 0;
  char text[512] = "";  // MPI_MAX_ERROR_STRING is 512 at most
  int length = 0;
  mpi.error_text(code, text, &length);
  snprintf(message, cmpi_message_size, "%s: %s", what, text);
  return -1;
}

int cmpi_open(const char *name, cmpi_world *world, char message[cmpi_message_size]) {
  // Global: Open MPI's components look for its symbols in the process.
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return fail(message, "%s", dlerror());
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"MPI_Init_thread", &mpi.init},    {"MPI_Finalize", &mpi.finalize},
      {"MPI_Comm_rank", &mpi.rank},      {"MPI_Comm_size", &mpi.size},
      {"MPI_Isend", &mpi.send},          {"MPI_Irecv", &mpi.receive},
      {"MPI_Test", &mpi.test},           {"MPI_Comm_set_errhandler", &mpi.set_handler},
      {"MPI_Error_string", &mpi.error_text}, {"MPI_Get_library_version", &mpi.version},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    void *function = dlsym(library, wanted[i].name);
    if (!function) return fail(message, "it is no MPI library: it has no %s", wanted[i].name);
    memcpy(wanted[i].place, &function, sizeof function);
  }

  // How a library spells MPI_COMM_WORLD, MPI_BYTE, MPI_ERRORS_RETURN, MPI_THREAD_FUNNELED and
  // MPI_STATUS_IGNORE.
  handle errors_return;
  int funneled = 1;
  Dl_info place;
  void *open_mpi = dlsym(library, "ompi_mpi_comm_world");
  // MPICH and its twin with the form of MPI 5 have the same symbols; the file's name differs.
  int is_standard = dladdr((void *)mpi.init, &place) && place.dli_fname &&
                    strstr(place.dli_fname, "mpi_abi") != NULL;
  if (open_mpi) {
    world_handle = (handle)open_mpi;
    byte_handle = (handle)dlsym(library, "ompi_mpi_byte");
    errors_return = (handle)dlsym(library, "ompi_mpi_errors_return");
    if (!byte_handle || !errors_return)
      return fail(message, "%s", "it is no Open MPI that is known: it has no ompi_mpi_byte");
  } else if (is_standard) {
    world_handle = 0x101;
    byte_handle = 0x247;
    errors_return = 0x143;
    funneled = 1024;
  } else {
    world_handle = 0x44000000;
    byte_handle = 0x4c00010d;
    errors_return = 0x54000001;
    ignored_status = (void *)1;
  }

  static char text[8192];  // MPI_MAX_LIBRARY_VERSION_STRING is 8192 at most
  int length = 0, given = 0;
  mpi.version(text, &length);
  for (char *tab = text; (tab = strchr(tab, '\t'));) *tab = ' ';
  snprintf(world->version, sizeof world->version, "%.*s", (int)strcspn(text, "\n,"), text);
  if (checked(mpi.init(NULL, NULL, funneled, &given), "MPI_Init_thread", message)) return -1;
  return checked(mpi.set_handler(world_handle, errors_return), "MPI", message) ||
                 checked(mpi.rank(world_handle, &world->rank), "MPI", message) ||
                 checked(mpi.size(world_handle, &world->size), "MPI", message)
             ? -1
             : 0;
}

int cmpi_close(char message[cmpi_message_size]) {
  return checked(mpi.finalize(), "MPI_Finalize", message);
}

int cmpi_send(const void *bytes, int count, int to, int tag, cmpi_request *request,
              char message[cmpi_message_size]) {
  return checked(mpi.send(bytes, count, byte_handle, to, tag, world_handle, request), "sending",
                 message);
}

int cmpi_receive(void *bytes, int count, int from, int tag, cmpi_request *request,
                 char message[cmpi_message_size]) {
  return checked(mpi.receive(bytes, count, byte_handle, from, tag, world_handle, request),
                 "receiving", message);
}

int cmpi_test(cmpi_request *request, int *done, char message[cmpi_message_size]) {
  return checked(mpi.test(request, done, ignored_status), "waiting for a message", message);
}
