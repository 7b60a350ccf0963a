"""The methods of self-supervised learning as LightlySSL has them: its heads, losses, momentum updates and schedules."""

import copy

import torch
from lightly.loss import BarlowTwinsLoss, DINOLoss, NegativeCosineSimilarity, NTXentLoss, VICRegLoss
from lightly.models.modules import heads
from lightly.models.utils import deactivate_requires_grad, update_momentum
from lightly.utils.scheduler import cosine_schedule
from torch import nn


class Method(nn.Module):
    """An encoder with heads; `loss` gets the views of one batch, `after_step` updates what no gradient does."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def loss(self, views, progress):
        raise NotImplementedError

    def after_backward(self, epoch):
        pass

    @torch.no_grad()
    def begin(self, weights):
        """
        Takes the first weights of this program's own run, which have the same order. Vectors begin as ones and zeros.
        """
        place = 0
        for name, value in self.trained():
            if value.ndim < 2 or "mask_token" in name:
                if name.endswith("bias"):
                    nn.init.zeros_(value)
                continue
            value.copy_(weights[place : place + value.numel()].reshape(value.shape))
            place += value.numel()
        if place != len(weights):
            raise ValueError(f"{len(weights)} weights were given, {place} were taken")

    def trained(self):
        """What the optimizer moves."""
        return [(name, value) for name, value in self.named_parameters() if value.requires_grad]


class SimCLR(Method):
    def __init__(self, encoder, features, options):
        super().__init__(encoder)
        # Without the batch norm at the end of LightlySSL's own head for SimCLR.
        self.projection = heads.ProjectionHead(
            [
                (features, options["hidden"], nn.BatchNorm1d(options["hidden"]), nn.ReLU()),
                (options["hidden"], options["size"], None, None),
            ]
        )
        self.criterion = NTXentLoss(temperature=options["temperature"])

    def loss(self, views, progress):
        # One pass over both views, so that both sides normalise over the same batch.
        first, second = self.projection(self.encoder(torch.cat(views))).chunk(2)
        return self.criterion(first, second)


class SimSiam(Method):
    def __init__(self, encoder, features, options):
        super().__init__(encoder)
        self.projection = heads.SimSiamProjectionHead(features, options["hidden"], options["size"])
        self.predictor = heads.SimSiamPredictionHead(options["size"], options["predictor"], options["size"])
        self.criterion = NegativeCosineSimilarity()

    def side(self, view):
        projected = self.projection(self.encoder(view))
        return projected.detach(), self.predictor(projected)

    def loss(self, views, progress):
        (z0, p0), (z1, p1) = (self.side(view) for view in views)
        return 0.5 * (self.criterion(z0, p1) + self.criterion(z1, p0))


class BarlowTwins(Method):
    def __init__(self, encoder, features, options):
        super().__init__(encoder)
        self.projection = heads.BarlowTwinsProjectionHead(features, options["hidden"], options["size"])
        self.criterion = BarlowTwinsLoss(lambda_param=options["redundancy"])

    def loss(self, views, progress):
        return self.criterion(*(self.projection(self.encoder(view)) for view in views))


class VICReg(BarlowTwins):
    def __init__(self, encoder, features, options):
        super(BarlowTwins, self).__init__(encoder)
        self.projection = heads.VICRegProjectionHead(features, options["hidden"], options["size"])
        self.criterion = VICRegLoss(lambda_param=25.0, mu_param=25.0, nu_param=1.0)


class Momentum(Method):
    """Methods whose targets come from a moving average of the network."""

    rising = True

    def __init__(self, encoder, make_projection, options):
        super().__init__(encoder)
        self.projection = make_projection()
        self.target_encoder = copy.deepcopy(encoder)
        # A head with weight normalisation cannot be copied, so it is made again.
        self.target_projection = make_projection()
        self.target_projection.load_state_dict(self.projection.state_dict())
        deactivate_requires_grad(self.target_encoder)
        deactivate_requires_grad(self.target_projection)
        self.start = options["momentum"]

    def move_target(self, progress):
        momentum = cosine_schedule(int(progress * 10000), 10001, self.start, 1) if self.rising else self.start
        update_momentum(self.encoder, self.target_encoder, m=momentum)
        update_momentum(self.projection, self.target_projection, m=momentum)

    def begin(self, weights):
        super().begin(weights)
        self.target_encoder.load_state_dict(self.encoder.state_dict())
        self.target_projection.load_state_dict(self.projection.state_dict())

    @torch.no_grad()
    def target(self, view):
        return self.target_projection(self.target_encoder(view))


class BYOL(Momentum):
    def __init__(self, encoder, features, options):
        super().__init__(
            encoder,
            lambda: heads.BYOLProjectionHead(features, options["hidden"], options["size"]),
            options,
        )
        self.predictor = heads.BYOLPredictionHead(options["size"], options["predictor"], options["size"])
        self.criterion = NegativeCosineSimilarity()

    def loss(self, views, progress):
        self.move_target(progress)
        p0, p1 = (self.predictor(self.projection(self.encoder(view))) for view in views)
        z0, z1 = (self.target(view) for view in views)
        # The paper's loss, the squared distance of unit vectors, for both directions: 2 − 2 cos.
        return 4 + 2 * (self.criterion(p0, z1) + self.criterion(p1, z0))


class MoCo(Momentum):
    rising = False

    def __init__(self, encoder, features, options):
        super().__init__(
            encoder,
            lambda: heads.MoCoProjectionHead(features, options["hidden"], options["size"]),
            options,
        )
        self.criterion = NTXentLoss(
            temperature=options["temperature"], memory_bank_size=(options["queue"], options["size"])
        )

    def loss(self, views, progress):
        self.move_target(progress)
        return self.criterion(self.projection(self.encoder(views[0])), self.target(views[1]))


class DINO(Momentum):
    def __init__(self, encoder, features, options):
        super().__init__(
            encoder,
            lambda: heads.DINOProjectionHead(
                features,
                options["hidden"],
                options["bottleneck"],
                options["size"],
                batch_norm=True,
                freeze_last_layer=options["frozenEpochs"],
            ),
            options,
        )
        self.criterion = DINOLoss(
            output_dim=options["size"],
            warmup_teacher_temp=options["teacherTemperature"],
            teacher_temp=options["teacherTemperature"],
            student_temp=options["studentTemperature"],
        )

    def loss(self, views, progress):
        self.move_target(progress)
        teacher = [self.target(view) for view in views]
        student = [self.projection(self.encoder(view)) for view in views]
        return self.criterion(teacher, student, teacher_temp=self.criterion.teacher_temp)

    def after_backward(self, epoch):
        self.projection.cancel_last_layer_gradients(epoch)


methods = {
    "simclr": SimCLR,
    "simsiam": SimSiam,
    "barlow-twins": BarlowTwins,
    "vicreg": VICReg,
    "byol": BYOL,
    "moco-v2": MoCo,
    "dino": DINO,
}
