"""What lies in weight files: the headers of safetensors, for programs that want no tensors."""
