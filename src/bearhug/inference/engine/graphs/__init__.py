"""Language models written as OpenVINO graphs straight from their weights: one file a family of architectures."""
