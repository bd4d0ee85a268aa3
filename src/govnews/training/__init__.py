"""What training needs beside the components: readers, callbacks, the word segmenter."""
