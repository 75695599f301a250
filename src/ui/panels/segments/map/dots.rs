//! Points drawn one by one, as one mesh of coloured discs.

use egui::epaint::{Mesh, Vertex};
use egui::{Color32, Pos2, TextureId, pos2, vec2};

/// The share of the texture that the disc fills.
const DISC: f32 = 0.8;

/// An empty mesh for so many points.
pub fn mesh(disc: TextureId, points: usize) -> Mesh {
    let mut mesh = Mesh::with_texture(disc);
    mesh.reserve_vertices(points * 4);
    mesh.reserve_triangles(points * 2);
    mesh
}

/// Adds a point.
pub fn add(mesh: &mut Mesh, center: Pos2, radius: f32, color: Color32) {
    let half = radius / DISC;
    let first = mesh.vertices.len() as u32;
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        let pos = center + vec2((x * 2.0 - 1.0) * half, (y * 2.0 - 1.0) * half);
        mesh.vertices.push(Vertex { pos, uv: pos2(x, y), color });
    }
    mesh.indices.extend([first, first + 1, first + 2, first + 2, first + 1, first + 3]);
}
