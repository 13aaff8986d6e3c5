// For every processor; on ARM this is NEON.
#include "sets.h"

#define DC_SET DC_PLAIN
#define DC_NAME plain
#define DC_OPEN open_plain
#define DC_LOSS loss_plain
#define DC_LEVINSON levinson_plain
#define DC_ADAPT adapt_plain
#include "set.h"
