#include "../../entry.h"
