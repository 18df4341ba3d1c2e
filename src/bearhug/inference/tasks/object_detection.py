"""Object detection."""

from typing import Any

from bearhug.inference.tasks.looking import Looking, size_of
from bearhug.inference.tasks.media import pictures
from bearhug.inference.tasks.task import like_inputs

SIDES = ("xmin", "ymin", "xmax", "ymax")


class ObjectDetection(Looking):
    """`[{label, score, box: {xmin, ymin, xmax, ymax}}, …]` for each picture, in whole pixels."""

    heads = ("AutoModelForObjectDetection",)

    def __call__(self, inputs: Any, *, threshold: float = 0.5) -> Any:
        """A picture or a list of them."""
        found = []
        for image in pictures(inputs):
            output = self.seen([image])
            [things] = self.parts.image_processor.post_process_object_detection(
                output, threshold=threshold, target_sizes=[size_of(image)]
            )
            rows = zip(things["scores"].tolist(), things["labels"].tolist(), things["boxes"].tolist(), strict=True)
            found.append(
                [self._thing(score, label, box) for score, label, box in sorted(rows, key=lambda row: -row[0])]
            )
        return like_inputs(inputs, found)

    def _thing(self, score: float, label: int, box: list[float]) -> dict[str, Any]:
        sides = {side: round(value) for side, value in zip(SIDES, box, strict=True)}
        return {"score": score, "label": str(self.config.id2label[label]), "box": sides}
