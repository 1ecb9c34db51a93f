// Devices behind PJRT, the C interface of XLA's plugins, as plain functions.
//
// A plugin is a library with one symbol, `GetPjrtApi`, which gives a table of functions. The layout
// of the table and of the structs that its functions take is declared in `layout.h`, in our own
// words; nothing is linked.
//
// A function that can fail returns 0, or -1 with a sentence in `message`, which then ends with the
// plugin's own words. Handles that a plugin has made are `void *`. All functions may be called from
// any thread; a handle must not be freed while another call uses it.
#ifndef CPJRT_H
#define CPJRT_H

#include <stddef.h>
#include <stdint.h>

enum { cpjrt_message_size = 4096 };

// The oldest version of the interface, 0.n, whose table has the order of `layout.h`.
enum { cpjrt_oldest_minor = 57 };

// An open plugin. It stays open until the process ends: plugins do not bear to be closed.
typedef struct cpjrt_plugin cpjrt_plugin;

// Loads the library and checks its table before any function of the table is called.
int cpjrt_open(const char *path, cpjrt_plugin **plugin, char message[cpjrt_message_size]);
void cpjrt_version(const cpjrt_plugin *plugin, int *major, int *minor);

int cpjrt_client_new(const cpjrt_plugin *plugin, void **client, char message[cpjrt_message_size]);
void cpjrt_client_free(const cpjrt_plugin *plugin, void *client);

// Texts belong to the client and are not terminated by 0.
typedef struct {
  const char *start;
  size_t length;
} cpjrt_text;

int cpjrt_platform(const cpjrt_plugin *plugin, void *client, cpjrt_text *name, cpjrt_text *version,
                   char message[cpjrt_message_size]);

// The devices that this process can use.
int cpjrt_devices(const cpjrt_plugin *plugin, void *client, void *const **devices, size_t *count,
                  char message[cpjrt_message_size]);
// What a device is called, such as `NVIDIA H200`.
int cpjrt_device_kind(const cpjrt_plugin *plugin, void *device, cpjrt_text *kind,
                      char message[cpjrt_message_size]);
// Bytes of the device's memory, or 0 where the plugin does not say.
int64_t cpjrt_device_memory(const cpjrt_plugin *plugin, void *device);

// Devices that can run one program together.
enum { cpjrt_most_devices = 128 };

// MLIR text → an executable that runs on any one of the client's devices or, for several, on its
// first ones together.
int cpjrt_compile(const cpjrt_plugin *plugin, void *client, const char *code, size_t length,
                  size_t devices, void **executable, char message[cpjrt_message_size]);
void cpjrt_executable_free(const cpjrt_plugin *plugin, void *executable);

// An executable as bytes that a later process can load; `sink` takes them all at once.
typedef void (*cpjrt_sink)(void *context, const void *bytes, size_t count);
int cpjrt_serialize(const cpjrt_plugin *plugin, void *executable, cpjrt_sink sink, void *context,
                    char message[cpjrt_message_size]);
int cpjrt_deserialize(const cpjrt_plugin *plugin, void *client, const void *bytes, size_t length,
                      void **executable, char message[cpjrt_message_size]);

enum { cpjrt_f32 = 11, cpjrt_u64 = 9 };

// Copies a row-major array to a device; the bytes may change as soon as the call has returned.
int cpjrt_upload(const cpjrt_plugin *plugin, void *client, void *device, const void *data, int type,
                 const int64_t *dimensions, size_t rank, void **buffer,
                 char message[cpjrt_message_size]);
// Copies `length` bytes, which is all of the array, from the device.
int cpjrt_download(const cpjrt_plugin *plugin, void *buffer, void *data, size_t length,
                   char message[cpjrt_message_size]);
void cpjrt_buffer_free(const cpjrt_plugin *plugin, void *buffer);

// Runs an executable where its arguments lie, and waits for the end: on a device or, if it was
// compiled for several, on all of them. Arguments of all devices follow each other, and so do outputs.
// Donated arguments must still be freed.
int cpjrt_execute(const cpjrt_plugin *plugin, void *executable, void *device, size_t devices,
                  void *const *arguments, size_t argument_count, void **outputs,
                  size_t output_count, char message[cpjrt_message_size]);

#endif
